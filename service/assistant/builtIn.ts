// All that answers questions without a model. It is in memory from the first question on, not before: the words that it
// knows take more than a megabyte, and many sessions pass without a question.
export { exampleQuestions } from './answers/help.ts';
export { answers } from './answers/index.ts';
export { noAnswer } from './answers/none.ts';
export { choose } from './choice.ts';
export { knownPrograms } from './knownPrograms.ts';
export { mentions, understand } from './understanding.ts';
