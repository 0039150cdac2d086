using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Displayed diffs show *** in place of secret values, and the rest of each line.</summary>
public sealed class RedactedDiffTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Theory]
    [InlineData("app.json", "{\n  \"host\": \"old\",\n  \"dbPassword\": \"TOP1\"\n}", "{\n  \"host\": \"new\",\n  \"dbPassword\": \"TOP2\"\n}", "-  \"host\": \"old\",|-  \"dbPassword\": \"***\"|+  \"host\": \"new\",|+  \"dbPassword\": \"***\"")]
    [InlineData("one-line.json", """{"host":"old","tls":{"private_key":"TOP1"}}""", """{"host":"new","tls":{"private_key":"TOP1"}}""", """-{"host":"old","tls":{"private_key":"***"}}|+{"host":"new","tls":{"private_key":"***"}}""")]
    [InlineData("escaped.json", """{"pass\u0077ord":"TOP1"}""", """{"pass\u0077ord":"TOP2"}""", """-{"pass\u0077ord":"***"}|+{"pass\u0077ord":"***"}""")]
    [InlineData("pins.json", "{\n\"pinTokens\": [\n 1234567,\n 2\n]}", "{\n\"pinTokens\": [\n 7654321,\n 2\n]}", "- ***,|+ ***,")]
    [InlineData("pairs.json", """{"env":[{"name":"DB_PASSWORD","value":"TOP1"},{"name":"HOST","value":"h1"}]}""", """{"env":[{"value":"TOP2","name":"DB_PASSWORD"},{"name":"HOST","value":"h2"}]}""", """-{"env":[{"name":"DB_PASSWORD","value":"***"},{"name":"HOST","value":"h1"}]}|+{"env":[{"value":"***","name":"DB_PASSWORD"},{"name":"HOST","value":"h2"}]}""")]
    [InlineData("inner.json", """{"cred":"{\"password\":\"TOP1\"}","a":1}""", """{"cred":"{\"password\":\"TOP2\"}","a":1}""", """-{"cred":"***","a":1}|+{"cred":"***","a":1}""")]
    [InlineData("broken.json", "{ \"password\": \"TOP1\", \"a\": 1", "{ \"password\": \"TOP2\", \"a\": 2", "-{ \"password\": \"***\", \"a\": 1|+{ \"password\": \"***\", \"a\": 2")]
    [InlineData("app.properties", "db.pass = TOP1\nhost=a\n", "db.pass = TOP2\nhost=b\n", "-db.pass = ***|-host=a|+db.pass = ***|+host=b")]
    [InlineData("long.properties", "a.secret = TOP1 \\\n  TOP2\nb=1\n", "a.secret = TOP1 \\\n  TOP3\nb=2\n", "-  ***|-b=1|+  ***|+b=2")]
    [InlineData("app.env", "export API_KEY='TOP1 # x'\nA=1\n", "export API_KEY='TOP2 # x'\nA=1\n", "-export API_KEY='***'|+export API_KEY='***'")]
    [InlineData("lines.env", "TLS_PRIVATE=\"TOP1\nTOP2\"\nA=1\n", "TLS_PRIVATE=\"TOP1\nTOP3\"\nA=1\n", "-***\"|+***\"")]
    [InlineData("app.yaml", "db:\n  password: 'TOP1'\n  host: a\n", "db:\n  password: 'TOP2'\n  host: b\n", "-  password: '***'|-  host: a|+  password: '***'|+  host: b")]
    [InlineData("block.yaml", "tls:\n  private_key: |\n    TOP1\n    TOP2\n  port: 1\n", "tls:\n  private_key: |\n    TOP1\n    TOP3\n  port: 1\n", "-    ***|+    ***")]
    [InlineData("nested.yaml", "credentials:\n  user: TOP1\n  list:\n    - TOP2\nhost: a\n", "credentials:\n  user: TOP3\n  list:\n    - TOP4\nhost: b\n", "-  user: ***|+  user: ***|-    - ***|-host: a|+    - ***|+host: b")]
    [InlineData("named.yaml", "env:\n  - name: DB_PASSWORD\n    value: TOP1\n  - name: HOST\n    value: h1\n", "env:\n  - name: DB_PASSWORD\n    value: TOP2\n  - name: HOST\n    value: h2\n", "-    value: ***|+    value: ***|-    value: h1|+    value: h2")]
    [InlineData("items.yaml", "users:\n- password: TOP1\n  name: a\n- password: TOP2\n  name: b\n", "users:\n- password: TOP3\n  name: a\n- password: TOP4\n  name: c\n", "-- password: ***|+- password: ***|-- password: ***|-  name: b|+- password: ***|+  name: c")]
    [InlineData("app.toml", "[database.credentials]\nuser = \"TOP1\"\n[web]\nport = 1\n", "[database.credentials]\nuser = \"TOP2\"\n[web]\nport = 2\n", "-user = \"***\"|+user = \"***\"|-port = 1|+port = 2")]
    [InlineData("app.xml", "<c>\n  <password>TOP1</password>\n  <add key=\"ApiToken\" value=\"TOP2\"/>\n  <p a=\"1\"/>\n</c>\n", "<c>\n  <password>TOP3</password>\n  <add key=\"ApiToken\" value=\"TOP4\"/>\n  <p a=\"2\"/>\n</c>\n", "-  <password>***</password>|-  <add key=\"ApiToken\" value=\"***\"/>|-  <p a=\"1\"/>|+  <password>***</password>|+  <add key=\"ApiToken\" value=\"***\"/>|+  <p a=\"2\"/>")]
    [InlineData("url.txt", "db: mysql://app:TOP1@h/x?a=1\n", "db: mysql://app:TOP2@h/x?a=2\n", "-db: mysql://app:***@h/x?a=1|+db: mysql://app:***@h/x?a=2")]
    [InlineData("conn.txt", "c: Server=h;Password=TOP1;Encrypt=true\n", "c: Server=h;Password=TOP2;Encrypt=no\n", "-c: Server=h;Password=***;Encrypt=true|+c: Server=h;Password=***;Encrypt=no")]
    [InlineData("pem.txt", "-----BEGIN RSA PRIVATE KEY-----\nTOP1\n-----END RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\nTOP2\n-----END RSA PRIVATE KEY-----\n", "-***|+***")]
    [InlineData("prose.txt", "the password is TOP1\nthe host is a\n", "the password is TOP2\nthe host is b\n", "-the password ***|-the host is a|+the password ***|+the host is b")]
    [InlineData("again.properties", "db.password=TOP-ONE-1\n# it was TOP-ONE-1 before\n", "db.password=TOP-ONE-1\n# it is TOP-ONE-1 still\n", "-# it was *** before|+# it is *** still")]
    [InlineData("hash.env", "PASSWORD=#TOP 1\nA=1\n", "PASSWORD=#TOP 2\nA=1\n", "-PASSWORD=***|+PASSWORD=***")]
    [InlineData("dotted.properties", "rsa.public.key=a\nrsa.key=TOP1\n", "rsa.public.key=b\nrsa.key=TOP2\n", "-rsa.public.key=a|-rsa.key=***|+rsa.public.key=b|+rsa.key=***")]
    [InlineData("public.json", """{"public":{"key":"a"},"key":"TOP1"}""", """{"public":{"key":"b"},"key":"TOP2"}""", """-{"public":{"key":"a"},"key":"***"}|+{"public":{"key":"b"},"key":"***"}""")]
    [InlineData("public.yaml", "public:\n  key: a\nprivate:\n  public:\n    key: TOP1\n", "public:\n  key: b\nprivate:\n  public:\n    key: TOP2\n", "-  key: a|+  key: b|-    key: ***|+    key: ***")]
    [InlineData("my-token", "TOP1\n", "TOP2\n", "-***|+***")]
    public void Secret_values_are_masked_and_the_rest_of_the_line_is_shown(string dataId, string before, string after, string expected)
    {
        ModuleShell shell = server.Connect();
        shell["id"] = dataId;
        shell["before"] = before;
        shell["after"] = after;
        shell["to"] = server.NewNamespace();
        shell.Run("Set-AcmConfig $id $after; Set-AcmConfig $id $before -Namespace $to").ThrowOnError();

        string diff = Assert.Single(shell.Run("(Compare-AcmConfig -ToNamespace $to).RedactedDiff").ThrowOnError().Texts);
        string shown = Assert.Single(shell.Run("(Compare-AcmConfig -ToNamespace $to).ShowDiff($null)").ThrowOnError().Texts);

        Assert.Equal(expected, string.Join('|', diff.Split('\n').Skip(2).Where(line => line.Length > 0 && line[0] is '+' or '-')));
        Assert.DoesNotContain("TOP", diff + shown, StringComparison.Ordinal);
    }

    // Inputs that cause quadratic or worse time with a naive implementation.
    [Theory]
    [InlineData("<a ", "key='secret' ", "\n")]
    [InlineData("[", " ", "x\n")]
    [InlineData("[", "[", "\n")]
    [InlineData("a: -----BEGIN PRIVATE KEY-----x", " ", "y\n")]
    public void A_line_that_was_made_to_be_slow_is_judged_in_time(string before, string repeated, string after)
    {
        ModuleShell shell = server.Connect();
        string slow = before + string.Concat(Enumerable.Repeat(repeated, 90_000 / repeated.Length)) + after;
        shell["content"] = slow + "password=TOP1\n";
        shell["other"] = slow + "password=TOP2\n";
        shell["to"] = server.NewNamespace();
        shell.Run("Set-AcmConfig slow.txt $content; Set-AcmConfig slow.txt $other -Namespace $to").ThrowOnError();

        string diff = Assert.Single(shell.Run("(Compare-AcmConfig -ToNamespace $to).RedactedDiff").ThrowOnError().Texts);

        Assert.DoesNotContain("TOP", diff, StringComparison.Ordinal);
        Assert.Contains("***", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void The_diff_itself_is_whole_and_patterns_say_what_is_secret()
    {
        ModuleShell shell = server.Connect();
        shell["to"] = server.NewNamespace();
        shell.Run("Set-AcmConfig a.env \"PASSWORD=p-one`nCOLOR=red`n\"; Set-AcmConfig a.env \"PASSWORD=p-two`nCOLOR=blue`n\" -Namespace $to").ThrowOnError();

        Assert.Contains("+PASSWORD=p-one", shell.Run("(Compare-AcmConfig -ToNamespace $to).Diff").ThrowOnError().Texts.Single(), StringComparison.Ordinal);
        Assert.Contains("-PASSWORD=p-two\n-COLOR=***\n+PASSWORD=p-one\n+COLOR=***\n", shell.Run("(Compare-AcmConfig -ToNamespace $to -SecretPattern *color*).RedactedDiff").ThrowOnError().Texts.Single(), StringComparison.Ordinal);
        Assert.Contains("-PASSWORD=***\n-COLOR=blue\n", shell.Run("(Compare-AcmConfig -ToNamespace $to -SecretPattern *o*, !color).RedactedDiff").ThrowOnError().Texts.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_what_would_be_done_and_nothing_is()
    {
        ModuleShell shell = server.Connect();
        shell["to"] = server.NewNamespace();
        shell.Run("Set-AcmConfig a.env 'PASSWORD=p-one'; Set-AcmConfig new 'n'; Set-AcmConfig a.env 'PASSWORD=p-two' -Namespace $to; Set-AcmConfig old 'o' -Namespace $to").ThrowOnError();

        ModuleResult plan = shell.Run("Copy-AcmConfig -ToNamespace $to -PlanOnly | ForEach-Object { \"$($_.State) $_\" }");
        ModuleResult withRemoved = shell.Run("Copy-AcmConfig -ToNamespace $to -Delete -PlanOnly | ForEach-Object { \"$($_.State) $_\" }");

        Assert.Equal(["Changed DEFAULT_GROUP/a.env", "Added DEFAULT_GROUP/new"], plan.ThrowOnError().Texts);
        Assert.Equal(["Changed DEFAULT_GROUP/a.env", "Added DEFAULT_GROUP/new", "Removed DEFAULT_GROUP/old"], withRemoved.ThrowOnError().Texts);
        Assert.Equal(["PASSWORD=p-two", "old"], shell.Run("Get-AcmConfig a.env -Raw -Namespace $to; (Find-AcmConfig old -Namespace $to).DataId").ThrowOnError().Texts);
    }
}
