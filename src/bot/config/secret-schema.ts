import * as z from 'zod';
import { text } from './scalar.ts';

/** A secret: in clear, or by reference. */
export function secretSchema(description: string) {
  return z
    .union([
      text('a text'),
      z.strictObject({
        env: text('the name of an environment variable')
          .optional()
          .meta({ description: 'Name of an environment variable.' }),
        file: text('the path of a file')
          .optional()
          .meta({ description: 'Path of a file that holds nothing else.' }),
      }),
    ])
    .meta({ description });
}
