using System.Globalization;
using Acm.Client.Text;

namespace Acm.Tests.Servers;

public sealed class DurationTextTests
{
    [Fact]
    public void A_duration_reads_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;

            Assert.Equal(("0.05 s", "3 s"), (TimeSpan.FromMilliseconds(50).AsLimit(), TimeSpan.FromSeconds(3).AsLimit()));
            Assert.Equal("1.5 s", TimeSpan.FromSeconds(1.5).AsPause());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
