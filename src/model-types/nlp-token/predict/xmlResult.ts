import { z } from 'zod';

const charSpan = z.object({ start: z.int(), end: z.int() });

export const xmlResult = z.object({
  data_type: z.literal('xml'),
  query_text: z.string(),
  predictions: z.array(
    z.object({
      label: z.string(),
      location: z.object({
        global_char_span: charSpan.meta({ description: 'In characters of the text as sent.' }),
        local_char_span: charSpan.meta({
          description: "In characters of the element's own text, or of the attribute's value.",
        }),
        xpath_location: z.object({
          xpath: z.string().meta({ description: 'XPath 1.0 that selects the element alone.' }),
          attribute: z.string().nullable(),
        }),
        value: z.string(),
      }),
      confidence: z.number(),
    }),
  ),
});

/** What is answered for a text with XML in it. */
export type XmlResult = z.input<typeof xmlResult>;
