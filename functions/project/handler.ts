export const handler = (): Promise<void> => Promise.reject(new Error('project is not built yet'));
