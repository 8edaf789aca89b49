using System.Text.RegularExpressions;

namespace SandQueue.Architecture.Tests.Files;

/// <summary>Reads the declarations in a source file, by their first lines.</summary>
internal static partial class Declarations
{
    /// <summary>The classes that consume messages of the bus.</summary>
    public static IEnumerable<string> ConsumersIn(string text) => Consumer().Matches(text).Select(match => match.Groups["name"].Value);

    /// <summary>The public types that stand in no other type.</summary>
    public static IEnumerable<string> PublicTypesIn(string text) => PublicType().Matches(text).Select(match => match.Groups["name"].Value);

    // Up to the body: the parameters of a primary constructor may take lines of their own.
    [GeneratedRegex(@"^\s*((public|internal|private|sealed|abstract|partial) )+class (?<name>\w+)[^{;]*?\bI(Consumer|Receiver)<", RegexOptions.Multiline)]
    private static partial Regex Consumer();

    [GeneratedRegex(@"^public ((sealed|abstract|static|partial|readonly|ref) )*(record (struct |class )?|class |struct |enum |interface |delegate \S+ )(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
