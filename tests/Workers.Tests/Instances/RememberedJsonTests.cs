using System.Text;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Tests.Instances;

public sealed class RememberedJsonTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void A_value_is_found_again_by_its_meaning_however_large_it_is(int padding)
    {
        var remembered = new RememberedJson(Json($$"""{"content": "{{new string('a', padding)}}", "role": "assistant", "calls": null}"""));

        remembered.MeansTheSameAs(Json($$"""{"role":"assistant","content":"{{new string('a', padding)}}"}""")).ShouldBeTrue();
        remembered.MeansTheSameAs(Json($$"""{"role":"assistant","content":"{{new string('b', padding + 1)}}"}""")).ShouldBeFalse();
        remembered.MeansTheSameAs([]).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_an_object_without_members()
    {
        new RememberedJson([]).MeansTheSameAs(Json("{ }")).ShouldBeTrue();
        new RememberedJson(Json("{\"a\": null}")).MeansTheSameAs([]).ShouldBeTrue();
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);
}
