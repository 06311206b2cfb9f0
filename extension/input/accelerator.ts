/** One key of one settings schema, with the accelerators that it holds now. */
export type KeyClaim = {
    schema: string;
    /** Path of a relocatable schema, else empty. */
    path: string;
    key: string;
    accelerators: readonly string[];
};

const modifierNames: Record<string, string> = {
    control: 'Control',
    ctrl: 'Control',
    primary: 'Control',
    alt: 'Alt',
    mod1: 'Alt',
    super: 'Super',
    mod4: 'Super',
    shift: 'Shift',
    meta: 'Meta',
    hyper: 'Hyper',
};

/**
 * One spelling for accelerators that mean the same key: `<Ctrl><Super>Space` and `<Super><Primary>space` are equal.
 * Null for what is no accelerator, such as an empty string or "disabled".
 */
export function canonicalAccelerator(accelerator: string): string | null {
    const [, prefix = '', key = ''] = /^((?:<[^<>]+>)*)([^<>]+)$/.exec(accelerator) ?? [];
    if (key === '' || key === 'disabled') return null;
    const modifiers = [...prefix.matchAll(/<([^<>]+)>/g)].map(
        ([, name = '']) => modifierNames[name.toLowerCase()] ?? name,
    );
    return `${[...new Set(modifiers)].sort().join('+')} ${key.toLowerCase()}`;
}

export function sameAccelerator(a: string, b: string): boolean {
    const canonical = canonicalAccelerator(a);
    return canonical !== null && canonical === canonicalAccelerator(b);
}

export function without(accelerators: readonly string[], taken: string): string[] {
    return accelerators.filter(accelerator => !sameAccelerator(accelerator, taken));
}

/** The keys that hold an accelerator. */
export function claimants(accelerator: string, claims: readonly KeyClaim[]): KeyClaim[] {
    return claims.filter(({ accelerators }) => accelerators.some(other => sameAccelerator(other, accelerator)));
}

export type KeyChoice = {
    /** Which of our keys to bind: the wanted one, the one for the case of a conflict, or none. */
    bind: 'wanted' | 'fallback' | 'none';
    /** The accelerator that then opens the chat, null when none does. */
    accelerator: string | null;
    /** Who holds the wanted accelerator; empty when it is free. */
    claimedBy: KeyClaim[];
};

/**
 * With two owners of one accelerator, chance decides who gets it, so ours is bound only where nobody else holds it. An
 * empty `wanted` is the user's choice to have no shortcut.
 */
export function chooseKey(
    wanted: readonly string[],
    fallback: readonly string[],
    claims: readonly KeyClaim[],
): KeyChoice {
    const [first] = wanted;
    if (first === undefined || canonicalAccelerator(first) === null)
        return { bind: 'none', accelerator: null, claimedBy: [] };
    const claimedBy = wanted.flatMap(accelerator => claimants(accelerator, claims));
    if (claimedBy.length === 0) return { bind: 'wanted', accelerator: first, claimedBy };
    const [second] = fallback;
    const fallbackIsFree = fallback.every(accelerator => claimants(accelerator, claims).length === 0);
    return second !== undefined && fallbackIsFree
        ? { bind: 'fallback', accelerator: second, claimedBy }
        : { bind: 'none', accelerator: null, claimedBy };
}

/** For people: `<Control><Super>space` is Ctrl+Super+Space. */
export function acceleratorLabel(accelerator: string): string {
    const modifiers = [...accelerator.matchAll(/<([^<>]+)>/g)].map(
        ([, name = '']) => modifierNames[name.toLowerCase()] ?? name,
    );
    const key = accelerator.replace(/<[^<>]+>/g, '');
    const keyLabel = key.charAt(0).toUpperCase() + key.slice(1);
    return [...modifiers.map(name => (name === 'Control' ? 'Ctrl' : name)), keyLabel].join('+');
}
