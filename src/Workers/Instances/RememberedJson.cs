using System.Security.Cryptography;
using SandQueue.Storage.Journal;

namespace SandQueue.Workers.Instances;

/// <summary>
/// A JSON value that a later one may be compared with. A small one is remembered as it came, since nearly none is ever compared: the hash of its meaning was
/// a quarter of all that a worker allocated for a step. A larger one is remembered by that hash, so that ten thousand instances hold no large actions.
/// </summary>
internal readonly struct RememberedJson
{
    private const int MostBytes = 1024;

    private readonly byte[] _bytes;
    private readonly bool _isHash;

    public RememberedJson(byte[] json)
    {
        _isHash = json.Length > MostBytes;
        _bytes = _isHash ? Hash(json) : json;
    }

    public bool MeansTheSameAs(byte[] other) => _isHash ? Hash(other).AsSpan().SequenceEqual(_bytes) : JsonMeaning.AreSame(_bytes, other);

    private static byte[] Hash(byte[] json) => SHA256.HashData(JsonMeaning.Canonical(json));
}
