import type { Surroundings } from './surroundings.ts';

/** The languages in which people can ask for a change. */
export const wishLanguages = ['en', 'de', 'ar'] as const;
export type WishLanguage = (typeof wishLanguages)[number];

/**
 * Patterns, as people write a wish: "(a|b)" is one of several, "[a]" may be left out, "{name}" is a slot, "{number}" one for a whole number, "{amount}" one for any, and
 * "{verbatim}" one that keeps capitals. Courtesies and
 * articles are dropped before a wish is read, and need not be in them. Several words of a slot belong together.
 */
export type Phrases = Readonly<Record<WishLanguage, readonly string[]>>;

/** The words that a slot can have, of all languages, by what they stand for: patterns without slots. */
export type SlotValues = Readonly<Record<string, readonly string[]>>;

/** How people ask for an action. It is written beside the action, so that one file has all of it. */
export type Wish<Parameters> = {
    phrases: Phrases;
    /** Slots that are no free text. */
    slots?: Readonly<Record<string, SlotValues>>;
    /** It may be asked as a question. Where it cannot come true, it is answered as one. */
    isAlsoQuestion?: true;
    /**
     * The parameters for the words in the slots, each a way of its own, the best first. None when the words mean something
     * else.
     *
     * @throws ReeveError InvalidState when the wish is understood and cannot come true; the message says why
     */
    parameters(
        slots: Readonly<Record<string, string>>,
        system: Surroundings & { signal: AbortSignal },
    ): readonly Parameters[] | Promise<readonly Parameters[]>;
    /** As `parameters`, where the wish is never to come true: whether it could now makes no difference. */
    forbidden?: Wish<Parameters>['parameters'];
};

/** "Turn on X", as each language says it. @param names of what is turned on, as patterns */
export function turnOn(names: Phrases): Phrases {
    return {
        en: names.en.flatMap(name => [
            `(turn on|switch on|enable|activate|use|start using) ${name}`,
            `(turn|switch|put) ${name} on`,
            `${name} on`,
            `(switch|change|go) [back] to ${name}`,
            `(turn|switch) ${name} back on`,
        ]),
        de: names.de.flatMap(name => [
            `(schalte|schalten|mach|mache|stelle|stell) [sie] ${name} (ein|an)`,
            `(aktiviere|aktivieren|benutze|verwende) [sie] ${name}`,
            `(wechsle|wechseln) [sie] (zu|zum|zur|auf|in) ${name}`,
            `${name} [wieder] (einschalten|anschalten|aktivieren|anmachen|an|ein)`,
        ]),
        ar: names.ar.map(name => `(شغل|فعل|تشغيل|تفعيل) ${name}`),
    };
}

/** "Turn off X". */
export function turnOff(names: Phrases): Phrases {
    return {
        en: names.en.flatMap(name => [
            `(turn off|switch off|disable|deactivate|stop using) ${name}`,
            `(turn|switch) ${name} off`,
            `${name} off`,
            `no [more] ${name}`,
        ]),
        de: names.de.flatMap(name => [
            `(schalte|schalten|mach|mache|stelle|stell) [sie] ${name} (aus|ab)`,
            `(deaktiviere|deaktivieren) [sie] ${name}`,
            `${name} (ausschalten|abschalten|deaktivieren|ausmachen|aus|ab)`,
            `${name} nicht mehr`,
        ]),
        ar: names.ar.map(name => `(اطفئ|عطل|اوقف|إيقاف|تعطيل|إطفاء) ${name}`),
    };
}

/** "Show X". */
export function show(names: Phrases): Phrases {
    return {
        en: names.en.map(name => `(show|display) ${name} [again]`),
        de: names.de.flatMap(name => [
            `(zeige|zeig|zeigen) [sie] ${name} [wieder] [an]`,
            `${name} [wieder] (anzeigen|einblenden)`,
        ]),
        ar: names.ar.map(name => `(اظهر|اعرض|إظهار|عرض) ${name}`),
    };
}

/** "Hide X". */
export function hide(names: Phrases): Phrases {
    return {
        en: names.en.map(name => `(hide|do not show|dont show|remove) ${name}`),
        de: names.de.flatMap(name => [
            `(verstecke|verbirg|verberge) ${name}`,
            `${name} (ausblenden|verbergen|nicht anzeigen)`,
        ]),
        ar: names.ar.map(name => `(اخف|إخفاء|لا تظهر) ${name}`),
    };
}

/** All phrases of several lists. */
export function anyOf(...lists: readonly Phrases[]): Phrases {
    const all = (language: WishLanguage) => lists.flatMap(phrases => phrases[language]);
    return { en: all('en'), de: all('de'), ar: all('ar') };
}
