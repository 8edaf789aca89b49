using System.Text.Json;
using SandQueue.Environments.WebShop.Products;

namespace SandQueue.Environments.Tests.WebShop.Products;

public sealed class PricingTests
{
    [Theory]
    [InlineData("\"$12.99\"", "$12.99")]
    [InlineData("\"$1,299.00 to $1,500\"", "$1299.0 to $1500.0")]
    [InlineData("\"$1.00$2.00$3.00\"", "$1.0 to $2.0")]
    [InlineData("\"\"", "$100.0")]
    [InlineData("null", "$100.0")]
    [InlineData("[]", "$100.0")]
    [InlineData("[16.82, 35]", "$16.82 to $35.0")]
    public void A_price_is_read(string json, string tag) => Read(json).Tag.ShouldBe(tag);

    [Theory]
    [InlineData("\"12.99\"", "pricing \"12.99\" has no $")]
    [InlineData("\"$a lot\"", "pricing \"$a lot\" can't be read as a price")]
    [InlineData("\"$1.2.3\"", "pricing \"$1.2.3\" can't be read as a price")]
    [InlineData("[\"1\"]", "pricing holds \"1\", not a number")]
    [InlineData("7", "pricing is 7, not a text like \"$12.99\" or a list of numbers")]
    public void A_price_that_is_none_says_so(string json, string message) => Should.Throw<InvalidDataException>(() => Read(json)).Message.ShouldBe(message);

    private static (double[] Ends, string Tag) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Pricing.Read(document.RootElement);
    }
}
