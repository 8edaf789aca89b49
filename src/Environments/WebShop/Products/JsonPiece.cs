namespace SandQueue.Environments.WebShop.Products;

/// <summary>One value of a long file: an element of its array, a member of its object, or a line.</summary>
/// <param name="Key">The member's name; empty in an array or a file of lines.</param>
/// <param name="Utf8">The value's JSON; valid until the next piece is read.</param>
/// <param name="Line">The line on which the value begins, from 1.</param>
internal readonly record struct JsonPiece(string Key, ReadOnlyMemory<byte> Utf8, int Line);
