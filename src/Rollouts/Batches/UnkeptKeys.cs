using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Batches;

/// <summary>Keeps no key: a farm whose processes share none could not read what another has stored.</summary>
internal sealed class UnkeptKeys : IKeySealing
{
    public byte[] Seal(string tenant, string name, string key) =>
        throw new RequestRefusedException("this farm keeps no keys: set Rollouts:SecretKey in all its processes (32 bytes in base64), and send this again");

    public string? Open(string tenant, string name, byte[] sealedKey) => null;
}
