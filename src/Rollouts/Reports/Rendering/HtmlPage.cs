using System.Security.Cryptography;
using System.Text;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>The frame of a page that is one file: no script, no resource from anywhere, and only its own style, which its policy names by hash.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1d2125;--soft:#5a646e;--line:#dfe3e6;--grid:#e9ecee;--main:#2563a8;--second:#b4560f;--good:#23824f;--bad:#b3372f;--warn:#8a6100;--warnbg:#fff6dd;--rest:#aab3bb;--third:#7a4fae}
        @media (prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1c2024;--ink:#e6e9ec;--soft:#9ea9b3;--line:#31373d;--grid:#2a3036;--main:#6aa9ec;--second:#eb9a55;--good:#57bd85;--bad:#ea7c73;--warn:#edc667;--warnbg:#322a14;--rest:#59636c;--third:#b48fe0}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1180px;margin:0 auto;padding:24px 20px 60px}
        h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
        h2{font-size:18px;margin:0 0 10px}
        h3{font-size:14px;margin:0 0 6px;color:var(--soft);font-weight:600}
        p{margin:0 0 10px}
        .sub{color:var(--soft);margin-bottom:16px;overflow-wrap:anywhere}
        .note{background:var(--warnbg);border-left:4px solid var(--warn);border-radius:6px;padding:9px 14px;margin:0 0 10px;overflow-wrap:anywhere}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin:16px 0}
        .tile,section{background:var(--card);border:1px solid var(--line);border-radius:10px}
        .tile{padding:12px 14px}
        .tile b{display:block;font-size:23px;line-height:1.3;font-variant-numeric:tabular-nums;white-space:nowrap}
        .tile span{color:var(--soft);font-size:13px}
        section{padding:16px 18px;margin:0 0 14px}
        .two{display:grid;grid-template-columns:1fr 1fr;gap:14px}.two>section{margin:0;min-width:0}.pair{margin-bottom:14px}
        .many{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:18px 28px}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0 4px}
        th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:middle;overflow-wrap:break-word}
        td:not(.n):first-child{min-width:6em}td.t{min-width:12em}
        th{color:var(--soft);font-weight:600;font-size:13px}
        td:last-child,th:last-child{padding-right:0}
        .n+td:not(.n),.n+th:not(.n){padding-left:14px}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:break-word}
        .key{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--soft);margin:8px 0}
        .dot{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
        summary{cursor:pointer;color:var(--soft)}
        svg{display:block;width:100%;height:auto;overflow:visible}
        svg text{fill:var(--soft);font-size:12px}
        .axis{stroke:var(--line)}.grid{stroke:var(--grid)}
        .f-main{fill:var(--main);background:var(--main)}.f-second{fill:var(--second);background:var(--second)}.f-third{fill:var(--third);background:var(--third)}.f-good{fill:var(--good);background:var(--good)}.f-bad{fill:var(--bad);background:var(--bad)}.f-warn{fill:var(--warn);background:var(--warn)}.f-rest{fill:var(--rest);background:var(--rest)}.f-soft{fill:var(--soft);background:var(--soft)}
        .s-main{stroke:var(--main);fill:none;stroke-width:2.5}.s-second{stroke:var(--second);fill:none;stroke-width:2.5;stroke-dasharray:6 4}
        .good{color:var(--good)}.bad{color:var(--bad)}
        .forest{min-width:150px;width:26%}
        @media (max-width:720px){main{padding:16px 12px 40px}.two{grid-template-columns:1fr}.tiles{grid-template-columns:1fr 1fr;gap:8px}.tile b{font-size:19px}.tile{padding:10px 11px}section{padding:13px}.wide text{font-size:17px}td.n,th.n{white-space:normal;min-width:3.5em}h1{font-size:21px}}
        @media print{body{background:#fff}section,.tile{break-inside:avoid}}
        """;

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    /// <param name="title">The title, not escaped yet.</param>
    /// <param name="body">The body, in HTML.</param>
    public static string Of(string title, string body) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{StyleHash}'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>{Html.Text(title)}</title>
        <style>{Style}</style>
        </head>
        <body><main>
        {body}
        </main></body>
        </html>

        """;
}
