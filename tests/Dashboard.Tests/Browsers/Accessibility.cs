using Microsoft.Playwright;

namespace SandQueue.Dashboard.Tests.Browsers;

/// <summary>
/// The checks that matter most to readers who cannot see the page, or not well: names of what can be used, one heading and one main part, no id twice, letters that stand out.
/// The usual engine for this has a licence that this repository does not take.
/// </summary>
internal static class Accessibility
{
    private const string Script = """
        () => {
          const found = [];
          const seen = (e) => { const r = e.getBoundingClientRect(); const s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.visibility !== 'hidden' && s.display !== 'none'; };
          const brief = (e) => e.outerHTML.slice(0, 140).replace(/\s+/g, ' ');
          const nameOf = (e) => {
            const by = e.getAttribute('aria-labelledby');
            if (by) return by.split(/\s+/).map(id => document.getElementById(id)?.textContent ?? '').join(' ').trim();
            if (e.getAttribute('aria-label')) return e.getAttribute('aria-label').trim();
            if (e.labels?.length) return [...e.labels].map(l => l.textContent).join(' ').trim();
            return (e.textContent || e.getAttribute('title') || e.getAttribute('alt') || '').trim();
          };
          if (!document.documentElement.lang) found.push('the page names no language');
          if (!document.title) found.push('the page has no title');
          if (document.querySelectorAll('main').length !== 1) found.push('not one main part');
          if ([...document.querySelectorAll('h1')].filter(seen).length !== 1) found.push('not one h1');
          for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, [role=button], [role=tab], [role=img], [role=progressbar], img'))
            if (seen(e) && !e.closest('[aria-hidden=true]') && !nameOf(e)) found.push('no name: ' + brief(e));
          const ids = new Set();
          // The filter that the chart library puts into each of its pictures is the same one, and no reader meets it.
          for (const e of document.querySelectorAll('[id]:not(svg filter)')) { if (ids.has(e.id)) found.push('id twice: ' + e.id); ids.add(e.id); }
          for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) found.push('tabindex above 0: ' + brief(e));
          for (const e of document.querySelectorAll('th')) if (!e.closest('table')) found.push('th outside of a table: ' + brief(e));
          const parse = (c) => { const m = c.match(/[\d.]+/g)?.map(Number); return m ? [m[0], m[1], m[2], m[3] ?? 1] : [0, 0, 0, 0]; };
          const light = ([r, g, b]) => { const f = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }; return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
          const under = (e) => { for (let at = e; at; at = at.parentElement) { const c = getComputedStyle(at).backgroundColor; if (/^rgb/.test(c) && parse(c)[3] > 0.95) return parse(c); } return [255, 255, 255, 1]; };
          for (const e of document.querySelectorAll('main *, header *, nav *')) {
            if (!seen(e) || e.closest('svg, [disabled], .mud-disabled') || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            const color = getComputedStyle(e).color;
            if (!/^rgb/.test(color)) continue;
            const [a, b] = [light(parse(color)), light(under(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(2)}: ` + brief(e));
          }
          if (document.documentElement.scrollWidth > innerWidth + 1) found.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);
          return [...new Set(found)].slice(0, 20);
        }
        """;

    /// <summary>What is wrong, a line each.</summary>
    public static Task<string[]> ProblemsAsync(IPage page) => page.EvaluateAsync<string[]>(Script);
}
