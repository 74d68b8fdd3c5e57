/** What is to be said about a request. */
export interface Remarks {
  /** All that is wrong with it. */
  errors: string[];
  /** What is as it was asked for, and changes nothing or is not what was meant. */
  warnings: string[];
}

/** Notes what is wrong with a request. */
export type Check = (holds: boolean, message: string) => void;

export function checkInto({ errors }: Remarks): Check {
  return (holds, message) => {
    if (!holds) errors.push(message);
  };
}
