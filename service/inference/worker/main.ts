// The process that runs a model: started by the service for a request, ended by it when the model is to leave memory.
import { serve } from './serve.ts';

await serve();
