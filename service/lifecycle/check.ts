/** One of the things that `reeve doctor` looks into. */
export type Check = {
    /** Stable, for scripts. */
    id: string;
    title: string;
    status: 'fine' | 'note' | 'problem';
    /** What was seen, in words. */
    detail: string;
    /** What can be done about it, may be empty. */
    remedy: string;
};
