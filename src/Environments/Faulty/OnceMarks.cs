using System.Text.RegularExpressions;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Faulty;

/// <summary>
/// Remembers in a folder what has happened once, so that it survives the end of the process and the replay goes well.
/// </summary>
/// <param name="folder">An existing folder, or null where none was given.</param>
internal sealed partial class OnceMarks(string? folder)
{
    /// <summary>Environment variable with the folder, for callers that give no <c>params.marks</c>.</summary>
    public const string Setting = "SANDQUEUE_FAULTY_MARKS";

    /// <summary>True for the first who asks for a mark, false for everyone after that.</summary>
    /// <exception cref="InvalidRequestException">The mark is no plain name, or there is no folder.</exception>
    public bool IsFirst(string mark)
    {
        if (!PlainName().IsMatch(mark)) throw new InvalidRequestException($"{AgentText.Quoted(mark)} is not a mark: letters, digits, - and _ only");
        if (folder is null) throw new InvalidRequestException($"a once-action needs a folder for its marks: set params.marks or {Setting}");
        if (!Directory.Exists(folder)) throw new InvalidRequestException($"the folder for marks does not exist: {folder}");

        var path = Path.Combine(folder, mark);
        try
        {
            using var created = new FileStream(path, FileMode.CreateNew);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName();
}
