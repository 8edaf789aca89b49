using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>
/// The benchmark's files, from a folder or from the sample inside the program. Whatever is read goes into the hash, and
/// whatever could not be read becomes a line of <see cref="Problems"/>.
/// </summary>
internal sealed class DataFiles : IDisposable
{
    private const string SamplePrefix = "bfcl/sample/";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> _problems = [];
    private readonly Func<string, Stream?> _open;
    private readonly string _place;
    private readonly bool _complete;

    private DataFiles(string place, bool complete, Func<string, Stream?> open) => (_place, _complete, _open) = (place, complete, open);

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The official files, laid out in a folder as the benchmark publishes them.</summary>
    public static DataFiles In(string folder) => new(
        folder, complete: true, name => Path.Combine(folder, name) is var path && File.Exists(path) ? File.OpenRead(path) : null);

    /// <summary>Our own sample. It has a few categories only, so that a file it does not have is nothing to report.</summary>
    public static DataFiles Sample() => new(
        "sample", complete: false, name => Assembly.GetExecutingAssembly().GetManifestResourceStream(SamplePrefix + name));

    /// <summary>Whether a file is there, readable or not.</summary>
    public bool Has(string name)
    {
        try
        {
            using var stream = _open(name);
            return stream is not null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>The bytes of a file, or null where it is missing or cannot be read.</summary>
    /// <param name="withoutIt">What that means for who asked, as the problem's line ends.</param>
    public byte[]? Read(string name, string withoutIt = "its tasks are not served")
    {
        try
        {
            using var stream = _open(name);
            if (stream is null)
            {
                if (_complete) _problems.Add($"{Path.Combine(_place, name)} is missing: {withoutIt}");
                return null;
            }

            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            _hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{content.Length}\n"));
            _hash.AppendData(content);
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{Path.Combine(_place, name)} cannot be read: {exception.Message}");
            return null;
        }
    }

    public void Report(string name, string flaw) => _problems.Add($"{Path.Combine(_place, name)}: {flaw}");

    public void Report(string name, int line, string flaw) => _problems.Add($"{Path.Combine(_place, name)}:{line}: {flaw}");

    /// <summary>SHA-256 over the names, lengths and bytes of all files read so far, in hex.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
