export const handler = (): Promise<void> => Promise.reject(new Error('store is not built yet'));
