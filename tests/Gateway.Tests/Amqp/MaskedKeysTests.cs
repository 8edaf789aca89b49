using System.Text;
using SandQueue.Gateway.Amqp;

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class MaskedKeysTests
{
    [Theory]
    [InlineData("""{"batch":{"policy":{"type":"model","api_key":"sk-1","model":"m"}}}""", """{"batch":{"policy":{"type":"model","api_key":"***","model":"m"}}}""")]
    [InlineData("""{"items":[{"policy":{"api_key" : "sk-1"}},{"policy":{"api_key":"sk-\"2"}}]}""", """{"items":[{"policy":{"api_key" : "***"}},{"policy":{"api_key":"***"}}]}""")]
    [InlineData("""{"api_key":"sk-1""", """{"api_key":"***" """)]
    [InlineData("""{"api_key":"sk-1\""", """{"api_key":"***" """)]
    [InlineData("""{"api_key":sk-1,"x":1}""", """{"api_key":"***","x":1}""")]
    [InlineData("""{'api_key': 'sk-1', "x": 1}""", """{'api_key': "***", "x": 1}""")]
    [InlineData("""{"api\u005Fkey":"sk-1"}""", """{"api\u005Fkey":"***"}""")]
    [InlineData("""{"API_KEY":"sk-1"}""", """{"API_KEY":"***"}""")]
    [InlineData("""{"my_api_key_name":"x","note":"api_key is missing"}""", """{"my_api_key_name":"x","note":"api_key is missing"}""")]
    public void Keys_are_masked_also_in_what_is_no_JSON(string body, string masked) => Encoding.UTF8.GetString(MaskedKeys.Of(Encoding.UTF8.GetBytes(body))).ShouldBe(masked.TrimEnd());

    [Fact]
    public void All_else_stays_byte_for_byte()
    {
        byte[] body = [0, 255, .. "\"ä\""u8, 0xC3, .. "\"api_key\":\"sk-1\""u8, 254];
        MaskedKeys.Of(body).ShouldBe([0, 255, .. "\"ä\""u8, 0xC3, .. "\"api_key\":\"***\""u8, 254]);
        byte[] none = [1, 2, (byte)'"'];
        MaskedKeys.Of(none).ShouldBeSameAs(none);
    }
}
