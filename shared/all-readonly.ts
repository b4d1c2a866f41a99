/** The same with every field readonly, however deep. */
export type AllReadonly<T> = { readonly [K in keyof T]: AllReadonly<T[K]> };
