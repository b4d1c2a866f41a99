export const handler = (): Promise<void> => Promise.reject(new Error('deliver is not built yet'));
