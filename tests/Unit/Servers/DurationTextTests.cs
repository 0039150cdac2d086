using System.Globalization;
using Acm.Client.Servers;

namespace Acm.Tests.Servers;

public sealed class DurationTextTests
{
    [Fact]
    public void A_duration_reads_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NumberDecimalSeparator = "," } };

            Assert.Equal(("0.05 s", "3 s"), (TimeSpan.FromMilliseconds(50).AsLimit(), TimeSpan.FromSeconds(3).AsLimit()));
            Assert.Equal("1.5 s", TimeSpan.FromSeconds(1.5).AsPause());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
