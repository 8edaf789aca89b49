using System.Text.Json.Nodes;
using SandQueue.Cli.Wording;
using Spectre.Console;

namespace SandQueue.Cli.Screens;

/// <summary>Where the program writes: results to its output, what people should know besides to its error output. All text is made harmless here.</summary>
/// <param name="output">The output.</param>
/// <param name="error">The error output.</param>
/// <param name="isTerminal">Whether somebody looks at the output; else it is plain lines, and tables are columns between tabs.</param>
/// <param name="console">The terminal.</param>
internal sealed class Screen(TextWriter output, TextWriter error, bool isTerminal, IAnsiConsole console)
{
    public bool IsTerminal => isTerminal;

    public IAnsiConsole Console => console;

    /// <summary>One line.</summary>
    public void Line(string text) => output.WriteLine(SafeText.Line(text));

    /// <summary>Text of several lines.</summary>
    public void Text(string text) => output.WriteLine(SafeText.Lines(text));

    /// <summary>A line of what was streamed: data that a program reads stays as it is, and a terminal is spared.</summary>
    public void Streamed(string line) => output.WriteLine(isTerminal ? SafeText.Lines(line) : line);

    /// <summary>One line of JSON, in ASCII, in which nothing can reach a terminal.</summary>
    public void Json(JsonNode? json) => output.WriteLine(json?.ToJsonString() ?? "null");

    /// <summary>One line for people, beside the output.</summary>
    public void Note(string text) => error.WriteLine(SafeText.Line(text));

    /// <summary>A table.</summary>
    /// <param name="head">The names of its columns; those that begin with <c>#</c> hold numbers.</param>
    /// <param name="rows">Its rows.</param>
    public void Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (!isTerminal)
        {
            output.WriteLine(string.Join('\t', head.Select(name => name.TrimStart('#'))));
            foreach (var row in rows) output.WriteLine(string.Join('\t', row.Select(cell => SafeText.Line(cell))));
            return;
        }

        console.Write(TableOf(head, rows));
    }

    public static Table TableOf(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var name in head)
        {
            var column = new TableColumn(new Text(name.TrimStart('#'), new Style(decoration: Decoration.Bold)));
            table.AddColumn(name.StartsWith('#') ? column.RightAligned() : column);
        }

        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(SafeText.Line(cell))));
        return table;
    }

    /// <summary>Text of others, of which some may be marked.</summary>
    public void Marked(string text, Color color)
    {
        if (isTerminal) console.Write(new Text(SafeText.Lines(text) + "\n", new Style(color)));
        else Text(text);
    }
}
