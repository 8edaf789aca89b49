using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SandQueue.Storage.Payloads;

/// <summary>A column of payloads, packed in the database and as they are outside of it.</summary>
internal sealed class PackedColumn() : ValueConverter<byte[], byte[]>(payload => PackedPayload.Pack(payload), stored => PackedPayload.Unpack(stored));

/// <summary>Payloads are the same where their bytes are. None is ever changed in place, so a snapshot is the payload itself.</summary>
internal sealed class PayloadComparer() : ValueComparer<byte[]>((one, other) => AreSame(one, other), payload => payload.Length, payload => payload)
{
    private static bool AreSame(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);
}
