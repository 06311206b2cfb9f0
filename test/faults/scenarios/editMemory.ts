import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit gives a service less address space than it needs',
    'bench-attic',
    'LimitAS=infinity\nExecStart=/usr/bin/python3 -c "import time; time.sleep(9999)"',
    's/LimitAS=infinity/LimitAS=8M/',
);
