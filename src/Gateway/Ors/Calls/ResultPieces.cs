namespace SandQueue.Gateway.Ors.Calls;

/// <summary>Cuts a result into the pieces of its events. Clients cut blanks off the beginning of a piece, so none begins with one.</summary>
internal static class ResultPieces
{
    public const int Longest = 4096;

    private const string Blank = "\\u0020";

    /// <param name="json">A JSON value in ASCII, without blanks but in its strings.</param>
    public static IEnumerable<string> Of(string json)
    {
        for (var start = 0; start < json.Length;)
        {
            var begin = json[start] == ' ' ? Blank : "";
            if (begin.Length > 0) start++;
            var length = Math.Min(Longest - begin.Length, json.Length - start);
            yield return string.Concat(begin, json.AsSpan(start, length));
            start += length;
        }
    }
}
