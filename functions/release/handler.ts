export const handler = (): Promise<void> => Promise.reject(new Error('release is not built yet'));
