import type { goldenInputs } from './goldenInputs';

/** For each file that a step leaves, the first half of its sha256. */
export type Digests = Record<string, string>;

/** The bytes of a step in one of its versions. */
export interface Pinned {
  version: number;
  files: Digests;
}

type Outputs = Record<'extract' | 'preprocess', Pinned>;

/** What the steps make of `goldenInputs`; golden.test.ts says when and how to pin it anew. */
export const goldenOutputs: Record<keyof typeof goldenInputs, Outputs> = {
  texts: {
    extract: {
      version: 2,
      files: {
        'extract.json': 'cec387bf41efa05e33cbffc8fc886fc2',
        'train/dataset.json': '0e4cece03158dcf8d43d1b586603fdbb',
        'train/label.offsets': 'ffd5ea667b9c0b85b3d7e3a5bd7a343e',
        'train/label.utf8': '9b736411828309f5d7328b6f0ee7d330',
        'train/text.offsets': 'fbb06f60f982e8823bb3a558dcb3e54e',
        'train/text.utf8': '45e8ce6efe94d11fbd9e34f3f6d2d9c3',
      },
    },
    preprocess: {
      version: 3,
      files: {
        'buckets.u32': '371f4f9376ccd23c6a1dc970f9dbf5ef',
        'counts.u16': 'c965c1bc88f0d46dee71213253109c39',
        'groups.i32': 'd2521bfb8cbaaabad46984cd1d667bbd',
        'label-starts.f64': '153076f0469b0e480ccc8339a097f959',
        'labels.i32': 'c23c533dc6eb825267036711744b8db6',
        'parts.u8': 'c3a56ddc0abe6477865a71a3e2b7c219',
        'preprocess.json': '5943744c6c68fd828606fa399abdcfdd',
        'starts.f64': '39562d98fdc6936f11deb91131faa72e',
      },
    },
  },
  'many labels': {
    extract: {
      version: 2,
      files: {
        'extract.json': 'fa7a99e3483d533b585ac947f181f78d',
        'test/dataset.json': '1ba618690f8e270fac4b04ff1b126c94',
        'test/label.offsets': '1dd31d9476d34b436f7b30380b7f82c7',
        'test/label.utf8': 'fe0be26095f891c4c8b1259db259580b',
        'test/text.offsets': '20bd22822af98daf2f0b03b3667de15e',
        'test/text.utf8': '898c3195e5b4ac9abbcd6d545f536e0f',
        'train/dataset.json': 'f554989414737878ec6fd64292a415ba',
        'train/label.offsets': '5b543d608dc54ec91d7c588c6989f10f',
        'train/label.utf8': '318744a22a8dccbae0255e83d93bf62b',
        'train/text.offsets': '1822ecb07fd59e09597c271c7ca36663',
        'train/text.utf8': '708e75bf45f25bdd386dfab09060109c',
      },
    },
    preprocess: {
      version: 3,
      files: {
        'buckets.u32': '04d5aad60e8383b53ebc0e2cbc7285f5',
        'counts.u16': '1b4b7f578c910d6fa7b7089c805a009b',
        'groups.i32': '86aef2ee14ec895519de2bce5a0cf3cb',
        'label-starts.f64': '5cd5719f6e16d13cf30b5ce863a6813d',
        'labels.i32': '6542fc145cbc0023dd7133a7310c6745',
        'parts.u8': '9e1736c43d19118e6ce4302118af3371',
        'preprocess.json': '31827e688b18a978063b04e70acb4746',
        'starts.f64': '933248b3e6f663a03fca4988bd6fc479',
      },
    },
  },
  documents: {
    extract: {
      version: 2,
      files: {
        'extract.json': 'd55f78d40f4868791621aa4f9a7642a4',
        'train/dataset.json': '3411d743858fba75e976474e1c81f81e',
        'train/label.offsets': '8b0f3b590ea11524e5b38b1f943ef991',
        'train/label.utf8': '18875719b80c375cdcffb3a3acfd5313',
        'train/text.offsets': '9d1a4f1e5fe5ba33d15fd489bcb7d79f',
        'train/text.utf8': 'e1a8ae4d038c1e1b09e3c8c21c9d66db',
      },
    },
    preprocess: {
      version: 3,
      files: {
        'buckets.u32': 'e08c093b8c31d4d9a36cd61aa6b78d6e',
        'counts.u16': 'dab0ab8740d250bc488b16efa83bfe8b',
        'groups.i32': 'cd9a54ed1f18bf97db08914e280ea734',
        'label-starts.f64': '329f5ae25dc7eb9fd186b80964d919bb',
        'labels.i32': '7ceee0fded46cc97352513679bcce94c',
        'parts.u8': 'f117822a51e0d16a6fe1362da507dcff',
        'preprocess.json': '0c89ba06a9461f96883836ba2de6e534',
        'starts.f64': '73424f64957fb22627f5f0d6748a26b7',
      },
    },
  },
};
