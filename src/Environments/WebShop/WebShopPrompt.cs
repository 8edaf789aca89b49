namespace SandQueue.Environments.WebShop;

/// <summary>The environment's own wording of the first two messages.</summary>
internal static class WebShopPrompt
{
    public const string Version = "2";

    public const string System = """
        You are shopping in an online store. You are given an instruction that says what to buy: the kind of product, what it must be like, which options to choose, and usually a price limit. Find a product that fits as well as possible, choose its options, and buy it. You can buy once; that ends the task, and the score between 0 and 1 says how well your purchase fits.

        Every message from the store is the page you are on, as one line of texts with [SEP] between them. Two actions exist:

        search[keywords]
            Searches the store and shows the first ten of at most fifty products. Possible on every page. A search has at most 1000 characters.
        click[text]
            Clicks a button, a product number or an option value of the current page, written as it stands there: click[B0ABC12345], click[x-large], click[Next >], click[< Prev], click[Description], click[Features], click[Reviews], click[Back to Search], click[Buy Now]. Between the brackets capital letters make no difference; search and click are written in small letters.

        Choose an option by clicking its value on the product's page before you buy. An action that is not possible on the current page changes nothing, and you see the same page again.

        Write what you think, then one action. What stands between <think> and </think> does not count. If your message has several, only the last search[...] or click[...] is carried out. The text between the brackets stands on one line and contains no "[".
        """;

    /// <summary>The first page; the instruction is a part of it.</summary>
    public const string User = "{{observation}}";
}
