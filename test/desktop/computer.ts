// The base of a test desktop: a container, or a virtual machine for tests that need a kernel of their own.
import type { Child } from './hostCommand.ts';
import type { Suite } from './image.ts';

export type Computer = {
    readonly name: string;
    readonly suite: Suite;
    /** The factor for all time limits, compared with a container. */
    readonly slowness: number;
    /** Starts a program inside, as root and outside of any unit of a session. */
    start(argv: readonly string[]): Child;
    isRunning(): Promise<boolean>;
    down(): Promise<void>;
};
