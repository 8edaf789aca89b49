namespace SandQueue.Storage.Connections;

/// <summary>Bounds a page of rows by their number and their bytes, which are asked for before the rows themselves.</summary>
internal static class BoundedPage
{
    /// <param name="sizes">The bytes of rows in order, one more than the page may have.</param>
    /// <param name="most">How many rows at most.</param>
    /// <param name="mostBytes">How many bytes at most; the first row is on the page however large it is.</param>
    /// <returns>How many rows are on the page.</returns>
    public static int Count(List<long> sizes, int most, long mostBytes)
    {
        var (count, bytes) = (0, 0L);
        while (count < Math.Min(sizes.Count, most) && ((bytes += sizes[count]) <= mostBytes || count == 0)) count++;
        return count;
    }
}
