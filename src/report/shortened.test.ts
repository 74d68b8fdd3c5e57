import { shortened } from './shortened';

describe('a name in the report', () => {
  it('stands as it is when it is short', () => {
    expect(shortened('sport & spiel').markup).toBe('sport &amp; spiel');
  });

  it('is cut when it is long, and shown whole where the mouse rests', () => {
    const name = `"${'x'.repeat(500)}`;
    const { markup } = shortened(name, 10);
    expect(markup).toBe(`<span title="&quot;${'x'.repeat(500)}">&quot;xxxxxxxx…</span>`);
  });
});
