using System.Text;
using Acm.Client;
using Acm.Client.Http;
using Acm.Client.Protocol.Diamond;

namespace Acm.Tests.Protocol;

/// <summary>The format of polls, byte for byte.</summary>
public sealed class ProbeTests
{
    private const string Md5OfChinese = "bcce109775e8e1972e9f5fcda3e12895";
    private const string Md5OfHello = "5d41402abc4b2a76b9719d911017c592";

    [Fact]
    public void Vector_P1_a_key_without_a_value()
    {
        var body = new DiamondListenRequest("ns-0001");
        body.Add(new ConfigKey("app.yml"), md5: null);

        Assert.Equal("Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02%02ns-0001%01", Text(body));
    }

    [Fact]
    public void Vector_P2_two_keys_with_values()
    {
        var body = new DiamondListenRequest("ns-0001");
        body.Add(new ConfigKey("app.yml"), Md5OfChinese);
        body.Add(new ConfigKey("jdbc.properties", "ACM:Test"), Md5OfHello);

        Assert.Equal($"Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02{Md5OfChinese}%02ns-0001%01jdbc.properties%02ACM%3ATest%02{Md5OfHello}%02ns-0001%01", Text(body));
    }

    [Fact]
    public void Vector_P4_the_blank_namespace_has_no_field()
    {
        var body = new DiamondListenRequest("");
        body.Add(new ConfigKey("app.yml"), md5: null);

        Assert.Equal("Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02%01", Text(body));
    }

    [Fact]
    public void A_new_MD5_is_patched_where_the_old_one_stood()
    {
        var body = new DiamondListenRequest("");
        int place = body.Add(new ConfigKey("a"), Md5OfHello);
        body.Add(new ConfigKey("b"), Md5OfHello);
        byte[] before = body.Bytes.Array!;

        body.SetMd5(place, Md5OfChinese);

        Assert.Same(before, body.Bytes.Array);
        Assert.Equal($"Probe-Modify-Request=a%02DEFAULT_GROUP%02{Md5OfChinese}%01b%02DEFAULT_GROUP%02{Md5OfHello}%01", Text(body));
    }

    [Fact]
    public void Defect_F4_a_body_that_was_changed_in_any_order_is_the_body_that_is_built_anew()
    {
        var random = new Random(7);
        var body = new DiamondListenRequest("ns");
        var model = new Dictionary<int, (ConfigKey Key, string? Md5)>();
        for (int step = 0; step < 3000; step++)
        {
            string? md5 = random.Next(3) == 0 ? null : random.Next(2) == 0 ? Md5OfHello : Md5OfChinese;
            int action = random.Next(4);
            if (action == 0 || model.Count == 0)
            {
                var key = new ConfigKey("k:" + step, random.Next(2) == 0 ? "G" : "分组");
                int place = body.Add(key, md5);
                Assert.True(model.TryAdd(place, (key, md5)), "A place was given twice.");
            }
            else
            {
                int place = model.Keys.ElementAt(random.Next(model.Count));
                if (action == 1)
                {
                    body.Remove(place);
                    model.Remove(place);
                }
                else
                {
                    body.SetMd5(place, md5);
                    model[place] = (model[place].Key, md5);
                }
            }

            if (random.Next(5) > 0) continue;

            Assert.Equal(model.Count, body.Count);
            Assert.Equal(Entries(Built(model.Values)), Entries(body));
        }

        static DiamondListenRequest Built(IEnumerable<(ConfigKey Key, string? Md5)> items)
        {
            var built = new DiamondListenRequest("ns");
            foreach ((ConfigKey key, string? md5) in items) built.Add(key, md5);
            return built;
        }

        static IEnumerable<string> Entries(DiamondListenRequest probe) => Text(probe)["Probe-Modify-Request=".Length..].Split("%01").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_long_poll_asks_for_its_time_and_a_short_one_not_to_hang()
    {
        var body = new DiamondListenRequest("ns-0001");
        body.Add(new ConfigKey("app.yml"), md5: null);

        WireRequest hanging = DiamondRequests.Probe("ns-0001", body, TimeSpan.FromSeconds(45));
        WireRequest immediate = DiamondRequests.Probe("ns-0001", body, hold: null);

        Assert.Equal("/diamond-server/config.co", hanging.PathAndQuery);
        Assert.Equal([new("longPullingTimeout", "45000")], hanging.Headers);
        Assert.Equal([new("longPullingTimeout", "30000"), new("longPullingNoHangUp", "true")], immediate.Headers);
        Assert.Equal(60, hanging.BodyLength);
    }

    [Theory]
    [InlineData("ns-0001", "hctK7POvYFDzY30i6vgGgANMQX4=")]
    [InlineData("", "eML6YtuiGU4b+M+YkIkDCPqzCyc=")]
    public async Task A_poll_is_signed_with_the_namespace_and_the_time(string @namespace, string signature)
    {
        WireRequest request = DiamondRequests.Probe(@namespace, new DiamondListenRequest(@namespace), hold: null);

        IReadOnlyDictionary<string, string> headers = await SpasSignatureTests.SignAsync(request, new AcmCredential("ak", "sk-test-secret-0001"));

        Assert.Equal(signature, headers["Spas-Signature"]);
    }

    [Theory]
    [InlineData("ns-0001", "app.yml%02DEFAULT_GROUP%02ns-0001%01jdbc.properties%02ACM%3ATest%02ns-0001%01\n", "DEFAULT_GROUP/app.yml ACM:Test/jdbc.properties")]
    [InlineData("", "app.yml%02DEFAULT_GROUP%01\r\n", "DEFAULT_GROUP/app.yml")]
    [InlineData("", "", "")]
    [InlineData("", "\r\n", "")]
    [InlineData("", "OK", "")]
    [InlineData("d", "a%02b%02c%02d%01", "")]
    [InlineData("", "a%01", "")]
    [InlineData("ns-0001", "a%02b%02other%01x%02y%02ns-0001%01", "y/x")]
    [InlineData("", "%E5%91%BD%02g%01%zz%02g%01", "g/命 g/%zz")]
    public void An_answer_names_the_keys_that_changed(string @namespace, string body, string expected)
    {
        IReadOnlyList<ConfigKey> keys = DiamondProbe.Read(Response(200, body), @namespace, "Watching");

        Assert.Equal(expected, string.Join(' ', keys));
    }

    [Fact]
    public void A_login_page_is_no_answer_to_a_poll()
    {
        AcmException error = Assert.Throws<AcmException>(() => DiamondProbe.Read(Response(200, "<!DOCTYPE html><html></html>"), "", "Watching"));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Fact]
    public void A_poll_that_is_denied_is_an_error() =>
        Assert.Equal(AcmErrorKind.AccessDenied, Assert.Throws<AcmException>(() => DiamondProbe.Read(Response(403, "403 error"), "", "Watching")).Kind);

    private static string Text(DiamondListenRequest body) => Encoding.ASCII.GetString(body.Bytes);

    private static WireResponse Response(int status, string body)
    {
        using var response = new HttpResponseMessage { Content = new StringContent(body, Encoding.ASCII, "text/html") };
        return new WireResponse(status, response.Headers, response.Content.Headers, Encoding.ASCII.GetBytes(body), "server:1");
    }
}
