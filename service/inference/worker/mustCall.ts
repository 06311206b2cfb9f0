import {
    ChatWrapper,
    type ChatWrapperGenerateContextStateOptions,
    type ChatWrapperGeneratedContextState,
} from 'node-llama-cpp';

/** A chat template whose answers begin with a call: the prompt is the same, generation starts inside of the call's syntax. */
export class MustCall extends ChatWrapper {
    readonly wrapperName: string;
    override readonly settings: ChatWrapper['settings'];
    readonly #template: ChatWrapper;

    constructor(template: ChatWrapper) {
        super();
        this.#template = template;
        this.wrapperName = template.wrapperName;
        this.settings = template.settings;
    }

    override generateContextState(options: ChatWrapperGenerateContextStateOptions): ChatWrapperGeneratedContextState {
        const { contextText, stopGenerationTriggers, ignoreStartText } = this.#template.generateContextState(options);
        return {
            contextText,
            stopGenerationTriggers,
            ...(ignoreStartText === undefined ? {} : { ignoreStartText }),
            functionCall: { initiallyEngaged: true, disengageInitiallyEngaged: [] },
        };
    }
}
