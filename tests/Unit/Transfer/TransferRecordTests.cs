using System.Text;
using Acm.Client;
using Acm.Client.Transfer;

namespace Acm.Tests.Transfer;

public sealed class TransferRecordTests
{
    [Fact]
    public void A_record_reads_back_as_it_was_written()
    {
        var record = new TransferRecord
        {
            Files =
            {
                ["%2Eenv"] = new TransferRecordEntry { Key = new ConfigKey(".env") },
                ["g/cipher-kms-aes-128-数据"] = new TransferRecordEntry { Key = new ConfigKey("cipher-kms-aes-128-数据", "g"), IsCipherText = true, Metadata = new() { AppName = "shop", EncryptedDataKey = "a+b/c=" }, Md5 = "5d41402abc4b2a76b9719d911017c592" },
            },
        };

        TransferRecord back = TransferRecord.Parse(record.ToBytes(), "x");

        Assert.Equal(record.Files, back.Files);
    }

    [Fact]
    public void A_record_is_readable_and_tells_its_version()
    {
        var record = new TransferRecord { Files = { ["%2Eenv"] = new TransferRecordEntry { Key = new ConfigKey(".env", "分组") } } };

        string text = Encoding.UTF8.GetString(record.ToBytes()).ReplaceLineEndings("\n");

        Assert.Equal(
            """
            {
              "format": "acm-export",
              "version": 1,
              "files": {
                "%2Eenv": {
                  "group": "分组",
                  "dataId": ".env"
                }
              }
            }

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"other","version":1,"files":{}}""")]
    [InlineData("""{"format":"acm-export","version":2,"files":{}}""")]
    [InlineData("""{"format":"acm-export","version":1}""")]
    [InlineData("""{"format":"acm-export","version":1,"files":[]}""")]
    [InlineData("""{"format":"acm-export","version":1,"files":{"x":1}}""")]
    [InlineData("""{"format":"acm-export","version":1,"files":{"x":{"group":"g"}}}""")]
    [InlineData("""{"format":"acm-export","version":1,"files":{"x":""")]
    public void A_record_that_is_damaged_or_of_a_later_version_is_an_error_that_names_it(string json)
    {
        AcmException error = Assert.Throws<AcmException>(() => TransferRecord.Parse(Encoding.UTF8.GetBytes(json), "/backup/.acm-export.json"));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Contains("/backup/.acm-export.json", error.Message, StringComparison.Ordinal);
    }
}
