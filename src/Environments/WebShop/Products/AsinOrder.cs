namespace SandQueue.Environments.WebShop.Products;

/// <summary>Orders products by their numbers, byte by byte; the order of equal scores in the original's search.</summary>
internal sealed class AsinOrder(ProductStore products) : IComparer<int>
{
    public int Compare(int x, int y) => products.ReadAsin(x).SequenceCompareTo(products.ReadAsin(y));
}
