namespace SandQueue.Environments.WebShop;

/// <summary>
/// One action of the agent. The rule: the last <c>search[…]</c> or <c>click[…]</c> of a message counts; what is between
/// the brackets is on one line and has no <c>[</c> in it. A message that is nothing but an action is read exactly as the
/// original reads it.
/// </summary>
internal readonly record struct ShopAction(ShopVerb Verb, string Argument)
{
    private static readonly (string Opening, ShopVerb Verb)[] Forms = [("search[", ShopVerb.Search), ("click[", ShopVerb.Click)];

    /// <summary>The action of a message, or null where it has none.</summary>
    public static ShopAction? Read(string message)
    {
        for (var end = message.Length; end > 0;)
        {
            var bracket = message.LastIndexOf('[', end - 1);
            if (bracket < 0) return null;
            if (ReadVerb(message, bracket) is { } verb && ReadArgument(message.AsSpan(bracket + 1)) is { } argument)
            {
                return new ShopAction(verb, argument);
            }

            end = bracket;
        }

        return null;
    }

    private static ShopVerb? ReadVerb(string message, int bracket)
    {
        foreach (var (opening, verb) in Forms)
        {
            var start = bracket + 1 - opening.Length;
            if (start < 0 || string.CompareOrdinal(message, start, opening, 0, opening.Length) != 0) continue;
            if (start == 0 || !(char.IsLetterOrDigit(message[start - 1]) || message[start - 1] == '_')) return verb;
        }

        return null;
    }

    // Up to the last closing bracket before the line, or another opening bracket, ends it.
    private static string? ReadArgument(ReadOnlySpan<char> rest)
    {
        var limit = rest.IndexOfAny('[', '\n');
        if (limit >= 0) rest = rest[..limit];
        var close = rest.LastIndexOf(']');
        return close > 0 ? rest[..close].ToString() : null;
    }
}

internal enum ShopVerb
{
    Search,
    Click,
}
