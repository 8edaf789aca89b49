using System.CommandLine;
using System.CommandLine.Parsing;

namespace SandQueue.Cli;

/// <summary>What is wrong with a command line, in one line.</summary>
internal static class WrongWords
{
    private const int Near = 2;

    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var word, ..] && command.Subcommands.Count > 0)
        {
            var names = command.Subcommands.Select(known => known.Name).ToList();
            return names.Find(name => Distance(name, word) <= Near) is { } near ? $"there is no '{word}'; did you mean '{near}'?" : $"there is no '{word}'; there is {string.Join(", ", names)}";
        }

        if (command.Subcommands.Count > 0 && parsed.CommandResult.Children.All(child => child is OptionResult)) return $"which one? {string.Join(", ", command.Subcommands.Select(known => known.Name))}";

        var error = parsed.Errors.FirstOrDefault(error => error.Message.StartsWith("Unrecognized", StringComparison.Ordinal)) ?? parsed.Errors[0];
        return NotANumber(error) ?? error.Message.TrimEnd('.');
    }

    /// <summary>The library would name the type of .NET that it wanted.</summary>
    private static string? NotANumber(ParseError error)
    {
        if (!error.Message.StartsWith("Cannot parse", StringComparison.Ordinal)) return null;
        if ((error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult) is not { Tokens: [var given, ..] } option) return null;
        var type = Nullable.GetUnderlyingType(option.Option.ValueType) ?? option.Option.ValueType;
        var wanted = type == typeof(int) || type == typeof(long) ? "a whole number" : type == typeof(double) ? "a number" : null;
        return wanted is null ? null : $"{option.Option.Name} cannot be '{given.Value}'; it is {wanted}";
    }

    /// <summary>How many letters have to be added, left out or changed.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
