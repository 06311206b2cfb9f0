/**
 * What words can mean to us, in whatever language. A word may mean several of these, and a question is understood by what
 * its words mean, never by how they are arranged.
 */
export type Concept =
    // Things one can ask about.
    | 'memory'
    | 'swap'
    | 'processor'
    | 'disk'
    | 'folder'
    /** One that is named, such as /boot. */
    | 'path'
    | 'network'
    | 'temperature'
    | 'battery'
    | 'uptime'
    | 'boot'
    | 'shutdown'
    /** What starts by itself. */
    | 'autostart'
    | 'login'
    | 'sleep'
    | 'clock'
    | 'version'
    | 'kernel'
    | 'distribution'
    | 'shell'
    | 'systemd'
    | 'reeve'
    | 'hardware'
    | 'user'
    | 'crash'
    | 'failure'
    | 'fix'
    | 'change'
    | 'package'
    | 'update'
    | 'extension'
    | 'sound'
    /** What is plugged in to see, point and type. */
    | 'peripheral'
    | 'unit'
    | 'log'
    | 'application'
    | 'computer'
    | 'help'
    // What is asked of them.
    | 'usage'
    | 'free'
    | 'full'
    | 'large'
    | 'state'
    | 'broken'
    | 'healthy'
    | 'slow'
    | 'duration'
    | 'begin'
    | 'automatic'
    | 'why'
    | 'when'
    | 'how'
    | 'who'
    | 'what'
    | 'list'
    | 'measure'
    | 'own'
    | 'needed'
    // When.
    | 'now'
    | 'recent'
    | 'last'
    | 'before'
    | 'since'
    | 'today'
    | 'yesterday'
    | (typeof weekdays)[number]
    | 'night'
    /** The evening and the like; of which day, other words say. */
    | 'daypart'
    | 'oclock'
    | 'hour'
    | 'day'
    | 'week'
    /** A time that no window covers, such as “two Mondays ago”. */
    | 'untold'
    /** It asks for instructions: “how do I”, “can I”. */
    | 'howto'
    // What we only do with a fix card.
    | 'command'
    | 'undo'
    /** Reeve, spoken of as the one who did something. */
    | 'doer'
    /** What Reeve, and nobody else, may have done. */
    | 'deed'
    // What we know nothing of: a part of a computer, which other words may say more of, and what is none.
    | 'thing'
    | 'foreign';

/** In the order of Date.getDay(). */
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** What says when something was, for topics that know of more than this moment. */
export const times = [
    'recent',
    'last',
    'before',
    'today',
    'yesterday',
    ...weekdays,
    'night',
    'daypart',
    'oclock',
    'hour',
    'day',
    'week',
] as const;

/**
 * The words of one language. Each value is a list of words separated by spaces; a trailing `*` stands for any ending, and
 * `_` joins words that must follow each other.
 */
export type Vocabulary = {
    /** Its code, such as "de"; null for words of several. */
    language: string | null;
    /** Words that carry no meaning of their own here. */
    ignored: string;
    words: Partial<Record<Concept, string>>;
    /** Verbs that begin a question, so that what follows is no order. */
    asking: string;
    /** Words that join two questions into one. */
    and: string;
};
