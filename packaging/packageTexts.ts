/** What the packages of each distribution say of themselves. */
import about from '../package.json' with { type: 'json' };

/** Of the binaries that run models: the service loads those of its own release only. */
export const llamaRelease = about.dependencies['node-llama-cpp'];
export const licence = about.license;

export const texts = {
    reeve: {
        summary: 'steward of the GNOME desktop',
        description: [
            'Reeve watches the computer, explains in plain words what went wrong and why, and shows the exact change that would fix it. It makes that change only with consent, checks that the symptom is gone, and can undo the change. It also answers questions about the computer.',
            'Everything runs on the computer itself. A language model is not needed; if there is one, it runs on the processor or, with reeve-vulkan, on the GPU.',
            'This package has the extension of GNOME Shell, the service that it shows, the command reeve, and what makes approved changes to the system. After the next log-in to GNOME, it offers each user once to turn it on.',
        ],
    },
    'reeve-vulkan': {
        summary: 'steward of the GNOME desktop - language models on any GPU',
        description: [
            'Reeve watches the computer, explains what went wrong and fixes it with consent. This package has what runs its language models on a GPU by Vulkan. Without it, they run on the processor.',
        ],
    },
    'reeve-cuda': {
        summary: 'steward of the GNOME desktop - language models on NVIDIA GPUs',
        description: [
            'Reeve watches the computer, explains what went wrong and fixes it with consent. This package has what runs its language models on a GPU by CUDA. It needs the driver of NVIDIA; with any other, reeve-vulkan does the same.',
        ],
    },
} as const;

export type PackageName = keyof typeof texts;
