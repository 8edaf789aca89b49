using System.Globalization;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>The query of a request. A parameter that nobody would read is refused: a typo in a filter would else list everything.</summary>
internal readonly struct RestQuery
{
    private const int LongestText = 2000;

    private readonly IQueryCollection _query;

    /// <exception cref="BadRequestException">A parameter is unknown, or there twice.</exception>
    public RestQuery(HttpContext context, RestOperation operation)
    {
        _query = context.Request.Query;
        foreach (var (name, values) in _query)
        {
            if (!operation.Query.Any(known => known.Name == name)) throw new BadRequestException(Unknown(name, operation));
            if (values.Count != 1) throw new BadRequestException($"{name} is there {values.Count} times in the query; give it once");
        }
    }

    /// <summary>How many entries a page may have.</summary>
    public int Limit => Integer(QueryParameter.Limit.Name, PageLimit.Largest) ?? PageLimit.Usual;

    /// <summary>Which episode of an instance's name; null where it is missing.</summary>
    public long? Episode => Text(QueryParameter.Episode.Name) switch
    {
        null => null,
        var text when Positions(text, 1) is [var number] => number,
        _ => throw new BadRequestException($"{QueryParameter.Episode.Name} in the query must be an integer"),
    };

    /// <summary>A text; null where it is missing.</summary>
    public string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var values)) return null;
        return values.ToString() switch
        {
            "" => throw new BadRequestException($"{name} in the query must not be empty; leave it out"),
            { Length: > LongestText } => throw new BadRequestException($"{name} in the query must have at most {LongestText} characters"),
            var text when text.Contains('\0', StringComparison.Ordinal) => throw new BadRequestException($"{name} in the query must not contain NUL"),
            var text => text,
        };
    }

    /// <summary>An integer above 0; null where it is missing.</summary>
    public int? Integer(string name, int largest) => Text(name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= largest => number,
        var text => throw new BadRequestException($"{name} in the query must be an integer from 1 to {largest}, not '{Shown(text)}'"),
    };

    /// <summary>Seconds above 0, however many; <paramref name="longest"/> where it is missing or longer.</summary>
    public TimeSpan Seconds(string name, TimeSpan longest) => Text(name) switch
    {
        null => longest,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 =>
            seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest,
        var text => throw new BadRequestException($"{name} in the query must be a number of seconds above 0, as 2.5, not '{Shown(text)}'"),
    };

    /// <summary>The positions in a cursor that an earlier page gave.</summary>
    /// <param name="count">How many a cursor of this route has.</param>
    /// <returns>Null for the first page.</returns>
    public long[]? Cursor(int count)
    {
        if (Text(QueryParameter.Cursor.Name) is not { } text) return null;
        return Positions(text, count) ?? throw NoCursor();
    }

    /// <summary>So many numbers with points between them; null where a text is anything else.</summary>
    public static long[]? Positions(string text, int count)
    {
        var parts = text.Split('.');
        var positions = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts.Length != count || !long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out positions[i])) return null;
        }

        return positions;
    }

    public static BadRequestException NoCursor() => new("cursor in the query is none that this route gave; send the next_cursor of the page before, or none for the first page");

    private static string Unknown(string name, RestOperation operation) => operation.Query.Count == 0
        ? $"unknown query parameter '{Shown(name)}'; this route takes none"
        : $"unknown query parameter '{Shown(name)}'; this route takes {string.Join(", ", operation.Query.Select(known => known.Name))}";

    private static string Shown(string text) => text.Length > 60 ? $"{text[..60]}…" : text;
}
