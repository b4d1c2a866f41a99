export const handler = (): Promise<void> => Promise.reject(new Error('purge is not built yet'));
