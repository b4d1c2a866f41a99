/** The type with every field readonly, at any depth. */
export type AllReadonly<T> = { readonly [K in keyof T]: AllReadonly<T[K]> };
