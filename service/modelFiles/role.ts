/** Quick work wants a model that answers at once, hard questions the best that there is. */
export const roles = ['quick', 'hard'] as const;
export type Role = (typeof roles)[number];
