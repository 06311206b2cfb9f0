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

const directions: Readonly<Record<string, string>> = {
    enable: 'on=true',
    start: 'on=true',
    disable: 'on=false',
    stop: 'on=false',
    add: 'more',
    install: 'more',
    pin: 'more',
    connect: 'more',
    remove: 'less',
    unpin: 'less',
    disconnect: 'less',
    forget: 'less',
};

/** What a label has in common with others, and itself: “off” is said in the same words of all settings. */
export function partsOfLabel(label: string): string[] {
    const [, action, which] = /^([\w.]+) (\d+|\{.*\})$/.exec(label) ?? [];
    if (action === undefined || which === undefined) return label === 'none' ? [label] : [label, '?'];
    const constant = which.startsWith('{') ? (JSON.parse(which) as Record<string, unknown>) : {};
    const values = Object.entries(constant).map(([key, value]) =>
        typeof value === 'boolean' ? `${key}=${value}` : `${action} ${key}=${String(value)}`,
    );
    const direction = directions[action.split('.')[1] ?? ''];
    return [label, '!', `${action} `, ...values, ...(direction === undefined ? [] : [direction])];
}
