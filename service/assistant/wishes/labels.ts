import type { Action } from '../../actions/action.ts';
import type { Wish } from '../../actions/wish.ts';

type AnyWish = Wish<Record<string, unknown>>;

/**
 * What a wish is to the classifier: the action, and the parameters where they are always the same; of others, which of the action’s
 * wishes it is.
 */
export function labelOf({ name, wishes = [] }: Pick<Action, 'name' | 'wishes'>, wish: AnyWish): string {
    const constant = constantOf(wish);
    return `${name} ${constant === null ? wishes.indexOf(wish) : JSON.stringify(constant)}`;
}

/** The parameters of a wish that heeds neither slots nor the system. */
export function constantOf({ parameters }: Pick<AnyWish, 'parameters'>): Readonly<Record<string, unknown>> | null {
    if (parameters.length > 0) return null;
    const made = (parameters as () => unknown)();
    return Array.isArray(made) ? ((made[0] ?? null) as Record<string, unknown> | null) : null;
}
