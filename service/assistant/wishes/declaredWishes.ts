import type { Action } from '../../actions/action.ts';
import { everyAction } from '../../actions/everyAction.ts';
import type { Wish } from '../../actions/wish.ts';
import type { Declared } from '../phrasing/phrasebook.ts';
import { labelOf } from './labels.ts';

export type DeclaredWish = Declared & {
    /** As the classifier calls it. */ label: string;
    wish: Wish<Record<string, unknown>>;
};

/** One way to read a wish, and what the slots of its phrase hold; no phrase where examples decide. */
export type WishReading = DeclaredWish & { said: Readonly<Record<string, string>>; phrase: string };

let all: readonly DeclaredWish[] | null = null;
let byLabel: ReadonlyMap<string, readonly DeclaredWish[]> | null = null;

/** The wishes that stand beside the actions, in their order. */
export function declaredWishes(): readonly DeclaredWish[] {
    all ??= everyAction.flatMap(action => (action.wishes ?? []).map(wish => declare(action, wish)));
    return all;
}

export function wishesByLabel(): ReadonlyMap<string, readonly DeclaredWish[]> {
    byLabel ??= Map.groupBy(declaredWishes(), ({ label }) => label);
    return byLabel;
}

const declare = (action: Action, wish: Wish<Record<string, unknown>>): DeclaredWish => ({
    id: action.name,
    label: labelOf(action, wish),
    phrases: wish.phrases,
    slots: wish.slots ?? {},
    wish,
});

/** What stands in a slot that can hold any words; null where there is none. */
export function freeName({ slots = {}, said }: Pick<WishReading, 'slots' | 'said'>): string | null {
    return Object.entries(said).find(([slot, text]) => slots[slot] === undefined && !/^\d/.test(text))?.[1] ?? null;
}
