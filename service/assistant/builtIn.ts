// All answers that need no model. Loaded with the first question, not before: its vocabulary takes more than a
// megabyte, and many sessions pass without a question.
export { exampleQuestions } from './answers/help.ts';
export { answers } from './answers/index.ts';
export { noAnswer } from './answers/none.ts';
export { choose } from './choice.ts';
export { knownPrograms } from './knownPrograms.ts';
export { mentions, understand } from './understanding.ts';
