using System.Text;

namespace SandQueue.Environments.WebShop;

/// <summary>The two actions as tools, for models that call functions.</summary>
internal static class WebShopTools
{
    public const string Search = "search";
    public const string Click = "click";

    public static readonly ReadOnlyMemory<byte> Json = Encoding.UTF8.GetBytes(
        """[{"type":"function","function":{"name":"search","description":"Searches the store. Shows the first ten of at most fifty products. Possible on every page.","parameters":{"type":"object","properties":{"keywords":{"type":"string","description":"What to search for."}},"required":["keywords"]}}},"""
        + """{"type":"function","function":{"name":"click","description":"Clicks a button, a product number or an option value of the current page.","parameters":{"type":"object","properties":{"element":{"type":"string","description":"The text of what to click, as it stands on the page. Capital letters make no difference."}},"required":["element"]}}}]""");
}
